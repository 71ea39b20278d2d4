/** Frozen: never edit a step that was released; add the next one. */
export const BILL = `
ALTER TABLE evaluations ADD COLUMN bill TEXT;   -- JSON: priced causes of the diagnosis that was made with it; or NULL
`;
