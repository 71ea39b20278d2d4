/**
 * Where things lie in the memory that all threads share, in bytes, and what its records look like. Read by the kernels
 * and by their host: plain numbers only. The first page is the control page; all else is handed out by `allocate`.
 */

/** Next free byte, and the first byte beyond what may be handed out; both u32. */
export const FREE = 0;
export const LIMIT = 4;

/** Memory handed out before and no longer needed: its next free byte and its end; both u32. */
export const SPARE_FREE = 8;
export const SPARE_END = 12;

/** Powers of ten: 23 f64; and with one more 1 before them, what digits are divided by. */
export const POWERS = 1024;
export const DIVISORS = POWERS - 8;
/** 128-bit powers of five, lower half first, for exponents 0, -1, ... FIVES_LOWEST: 66 pairs of u64. */
export const FIVES = 2048;
export const FIVES_LOWEST = -65;
/** Recall points: 101 f64. */
export const RECALLS = 4096;
/** By bits of area ranges: four i32, 1 where the bit is set. */
export const SPREAD = 5120;
/** Parameters of an evaluation; see evaluation.ts. */
export const RULE = 6144;
export const RULE_THRESHOLDS = RULE;
/** Lower ends of the four ranges, then upper ends. */
export const RULE_RANGES = RULE + 128;
export const RULE_LIMITS = RULE + 192;
export const RULE_COUNTS = RULE + 224;
export const RULE_POINT = RULE + 256;
/** Constants of the vectors that numbers are read with: 16 bytes each. */
export const DIGIT_ZEROS = 8192;
export const DIGIT_NINES = DIGIT_ZEROS + 48;
export const FOURS_WEIGHTS = DIGIT_ZEROS + 16;
export const EIGHTS_WEIGHTS = DIGIT_ZEROS + 32;
/** By length and digits before the point (both 0 to 15): the shuffle of a short number's characters, 16 bytes. */
export const SHUFFLES = 8448;
/** First byte that is handed out. */
export const FIRST_FREE = 65536;

/** Bytes that readers may look beyond the end of text; they are zero. */
export const PADDING = 64;

/** Header of a table of ids; its entries: id f64, first place f64, name u32, its length u32. */
export const TABLE_BYTES = 32;
export const TABLE_ENTRIES = 8;
export const TABLE_COUNT = 12;
export const ENTRY_BYTES = 24;
export const ENTRY_ID = 0;
export const ENTRY_FIRST = 8;
export const ENTRY_NAME = 16;
export const ENTRY_NAME_LENGTH = 20;

/** A prediction as it is read: x, y, width, height, score. Its image and class lie in columns of their own. */
export const PREDICTION_BYTES = 40;
/** Bytes of predictions, images and classes of one record. */
export const PREDICTION_TOTAL_BYTES = PREDICTION_BYTES + 8;
/** Bytes of one record in columns: its box, its score, its image, its class and its place in the file. */
export const COLUMNS_BYTES = 32 + 8 + 4 + 4 + 4;
/** No usable record is shorter: `{"image_id":1,"category_id":1,"bbox":[1,1,1,1],"score":1}`. */
export const SHORTEST_RECORD = 57;

/** How records are spelled, see shape.ts: bytes before the class, three seams between values and the bits of each, class ids of four digits. */
export const LONGEST_HEAD = 256;
export const LONGEST_SEAM = 16;
export const SPELLED_CLASSES = 10000;
export const SHAPE_BYTES = LONGEST_HEAD + 6 * LONGEST_SEAM + 4 * SPELLED_CLASSES;

/** An annotation as it is read: x, y, width, height, id, area (NaN where there is none) f64; image, class, flags u32. */
export const ANNOTATION_BYTES = 64;
export const ANNOTATION_ID = 32;
export const ANNOTATION_AREA = 40;
export const ANNOTATION_IMAGE = 48;
export const ANNOTATION_CLASS = 52;
export const ANNOTATION_FLAGS = 56;
/** Beyond the flags of the dataset: the record had `iscrowd`. */
export const HAS_CROWD = 256;
/** No usable annotation is shorter: `{"image_id":1,"category_id":1,"bbox":[1,1,1,1]}`. */
export const SHORTEST_ANNOTATION = 47;

/** Lists of a truth file, as numbers. */
export const LIST_IMAGES = 1;
export const LIST_ANNOTATIONS = 2;
export const LIST_CATEGORIES = 3;

/** An annotation as it is matched: x, y, right, bottom, area of the box f64; place of its image u32, bits u32. */
export const TRUTH_BYTES = 48;
export const TRUTH_PLACE = 40;
export const TRUTH_BITS = 44;
/** Among the bits, after one per area range in which it is ignored. */
export const CROWD_BIT = 16;

/** What an evaluation can hold here; more goes to the plain evaluator. */
export const MOST_THRESHOLDS = 16;
export const MOST_RANGES = 4;
export const MOST_LIMITS = 4;

/** Of a class: positives by range (4 u32), true and false at the point (2 u32), 8 bytes free; then the sums and recalls. */
export const SUMMARY_HEAD_BYTES = 32;

/** Bytes before those of a checksum that it writes to. */
export const CHECKSUM_ROOM = 209 * 16;
