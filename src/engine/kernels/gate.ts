/**
 * Phases of work: the first thread opens one, works on it itself, closes it, and waits for those that joined. A thread
 * that starts late (booting one takes as long as half an evaluation) joins whatever is open then, and is never waited
 * for. The gate's word: number of the phase, whether it is open, how many joined.
 */
import { CELL, PHASE } from './control';

const JOINED = 0xff;
const OPEN = 0x100;
const NEXT = 0x200;

export const MOST_THREADS = JOINED;

export function openPhase(words: Int32Array, kind: number): void {
  words[CELL.kind] = kind;
  words[CELL.ticket] = 0;
  words[CELL.done] = 0;
  const gate = Atomics.load(words, CELL.gate);
  Atomics.store(words, CELL.gate, ((gate & ~(OPEN | JOINED)) + NEXT) | OPEN);
  Atomics.notify(words, CELL.gate);
}

/** Closes the phase and waits for those that joined; false where one of them refused. */
export function closePhase(words: Int32Array): boolean {
  let gate = Atomics.load(words, CELL.gate);
  for (;;) {
    const seen = Atomics.compareExchange(words, CELL.gate, gate, gate & ~OPEN);
    if (seen === gate) break;
    gate = seen;
  }
  const joined = gate & JOINED;
  for (;;) {
    const done = Atomics.load(words, CELL.done);
    if (done >= joined) return Atomics.load(words, CELL.refused) === 0;
    Atomics.wait(words, CELL.done, done);
  }
}

/** Waits for a phase that this thread has not worked on, works on it, and so on until `stop`. */
export function joinPhases(words: Int32Array, work: (kind: number) => boolean): void {
  let last = 0;
  for (;;) {
    const gate = Atomics.load(words, CELL.gate);
    const phase = Math.floor(gate / NEXT);
    if (!(gate & OPEN) || phase === last) {
      Atomics.wait(words, CELL.gate, gate);
      continue;
    }
    if (Atomics.compareExchange(words, CELL.gate, gate, gate + 1) !== gate) continue;
    last = phase;
    const kind = words[CELL.kind]!;
    let isTaken = true;
    try {
      if (kind !== PHASE.stop) isTaken = work(kind);
    } catch {
      isTaken = false;
    }
    if (!isTaken) Atomics.store(words, CELL.refused, 1);
    Atomics.add(words, CELL.done, 1);
    Atomics.notify(words, CELL.done);
    if (kind === PHASE.stop) return;
  }
}
