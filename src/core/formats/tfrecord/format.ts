/** TFRecord: ground truth, and detections of the Object Detection API. */
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF } from '../../dataset/dataset';
import type { FileHead, Format, Sniffed } from '../format';
import { safeRelativePath } from '../names';
import { maskedCrc32c } from './crc32c';
import { FRAME_HEAD } from './frames';
import { readDetections } from './read-detections';
import { readTfrecord } from './read-tfrecord';
import { writeDetections, writeTfrecord } from './write-tfrecord';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const DETECTION = ascii('image/detection/');
const IMAGE = ascii('image/');
/** Event files of TensorBoard are framed alike; their first record says so. */
const EVENTS = ascii('brain.Event:');

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1))
    if (wanted.every((byte, place) => bytes[at + place] === byte)) return true;
  return false;
}

function sniff({ bytes }: FileHead): Sniffed | null {
  if (bytes.length < FRAME_HEAD) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8, true) !== maskedCrc32c(bytes, 0, 8) || holds(bytes.subarray(0, 200), EVENTS))
    return null;
  if (holds(bytes, DETECTION))
    return { kind: 'predictions', why: 'TFRecord of Examples with image/detection/' };
  return holds(bytes, IMAGE) ? { kind: 'truth', why: 'TFRecord of Examples with image/' } : null;
}

export const tfrecordFormat: Format = {
  name: 'tfrecord',
  title: 'TFRecord (Object Detection API)',
  sniff: (head) => {
    const sniffed = sniff(head);
    return sniffed?.kind === 'truth' ? sniffed : null;
  },
  readTruth: readTfrecord,
  // Detections that stand behind large images are not seen at the start of a file.
  readPredictions: readDetections,
  truthWriter: {
    layout: 'file',
    extension: '.record',
    holdsImages: true,
    expresses: {
      flags: FLAG_CROWD | FLAG_DIFFICULT | FLAG_GROUP_OF,
      area: true,
      subsets: false,
      emptyClasses: false,
      repeatedClassNames: false,
      needsSizes: true,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: writeTfrecord,
  },
};

export const detectionsTfrecordFormat: Format = {
  name: 'detections-tfrecord',
  title: 'TFRecord of detections',
  sniff: (head) => {
    const sniffed = sniff(head);
    return sniffed?.kind === 'predictions' ? sniffed : null;
  },
  // What the API's inference writes holds the ground truth too.
  readTruth: readTfrecord,
  readPredictions: readDetections,
  predictionsWriter: { layout: 'file', needsSizes: true, write: writeDetections },
};
