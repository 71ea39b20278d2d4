/** As people write such numbers: four digits, no trailing zeros. */
export const inWords = (value: number): string => String(Number(value.toPrecision(4)));
