/** Thrown where the plain readers and evaluators have to do the work; never seen by users. */
export class NotForKernels extends Error {
  override readonly name = 'NotForKernels';
}
