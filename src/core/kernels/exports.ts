/** What the compiled kernels export; addresses are bytes in the memory that all threads share. */
export interface KernelExports {
  fillNumberTables(): void;
  readNumber(at: number, into: number): number;
  skipSpace(at: number): number;
  skipValue(at: number, depth: number): number;
  fillChecksumTables(tables: number): void;
  crc32c(tables: number, start: number, from: number, length: number): number;
  allocate(bytes: number): number;
  allocateSpare(bytes: number): number;
  makeTable(table: number): number;
  hasName(entry: number, name: number, length: number): number;
  indexOf(table: number, id: number, name: number, length: number, place: number): number;
  useResultMemory(images: number, categories: number, space: number, records: number): void;
  useColumns(at: number): void;
  beginPart(): number;
  endPart(): number;
  splitPart(part: number, count: number, images: number, classes: number, out: number): void;
  fillRising(out: number, first: number, count: number): void;
  partCount(): number;
  partEmptyBoxes(): number;
  partFirstEmptyBox(): number;
  resultEnding(): number;
  readResults(at: number, stop: number, place: number, base: number): number;
  guessRecord(at: number, lowest: number, end: number): number;
  useTruthMemory(images: number, categories: number, space: number, records: number, fit: number): void;
  openTruth(at: number): number;
  nextMember(at: number): number;
  memberList(): number;
  memberEnd(): number;
  afterMember(at: number, end: number): number;
  readAnnotations(at: number, stop: number): number;
  annotationsClosed(): number;
  annotationCount(): number;
  annotationsWithoutCrowd(): number;
  remarkedAnnotations(sizes: number, rows: number): number;
  idsRise(): number;
  groupTruth(
    annotations: number,
    count: number,
    images: number,
    classes: number,
    imageCount: number,
    classCount: number,
    out: number,
    starts: number,
    elements: number,
    counters: number,
  ): void;
  countPart(part: number, records: number, classes: number, counts: number): void;
  placeParts(counts: number, parts: number, classCount: number, starts: number): void;
  scatterPart(
    part: number,
    records: number,
    images: number,
    classes: number,
    cursors: number,
    list: number,
  ): void;
  sortByKey(a: number, b: number, count: number, counters: number): number;
  sortByScore(a: number, b: number, count: number, counters: number, lower: number): number;
  sortCell(a: number, b: number, count: number): void;
  fillEvaluationTables(): void;
  cellBytes(annotations: number): number;
  useCellMemory(at: number, annotations: number): void;
  classBytes(predictions: number): number;
  useClassMemory(at: number, predictions: number): void;
  evaluateClass(list: number, count: number, truth: number, truthEnd: number, summary: number): number;
}

/** `resultEnding`. */
export const ENDING_REACHED = 0;
export const ENDING_CLOSED = 1;
export const ENDING_STOPPED = 2;
