/** The kernels' exports. One module for all threads: no data segment, no runtime; globals belong to the instance. */
export { fillNumberTables, readNumber } from "./numbers";
export { allocate, allocateSpare } from "./memory";
export { hasName, indexOf, makeTable } from "./ids";
export { guessRecord, readResults, resultEnding, useResultMemory } from "./results";
export {
  beginPart,
  endPart,
  fillRising,
  partCount,
  partEmptyBoxes,
  partFirstEmptyBox,
  splitPart,
  useColumns,
} from "./records";
export {
  afterMember,
  annotationCount,
  annotationsClosed,
  annotationsWithoutCrowd,
  idsRise,
  memberEnd,
  memberList,
  nextMember,
  openTruth,
  readAnnotations,
  remarkedAnnotations,
  useTruthMemory,
} from "./truth";
export { countPart, groupTruth, placeParts, scatterPart } from "./grouping";
export { sortByKey, sortByScore, sortCell } from "./sorting";
export {
  cellBytes,
  classBytes,
  evaluateClass,
  fillEvaluationTables,
  useCellMemory,
  useClassMemory,
} from "./evaluation";
export { skipSpace, skipValue } from "./json";
export { crc32c, fillChecksumTables } from "./checksum";
