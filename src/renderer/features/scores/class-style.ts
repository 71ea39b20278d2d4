/** How a class is drawn in charts by class: a hue and, so that colour is not alone, a line of its own. */
const HUES = 12;
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '5 2', '12 3 2 3 2 3'] as const;

export interface ClassStyle {
  readonly colour: string;
  /** `stroke-dasharray`; empty: solid. */
  readonly dash: string;
}

/** `index`: place among the project's classes. */
export const classStyle = (index: number): ClassStyle => ({
  colour: `var(--class-${(index % HUES) + 1})`,
  dash: DASHES[(index + Math.floor(index / HUES)) % DASHES.length]!,
});
