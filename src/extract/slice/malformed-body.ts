/** A body that is not complete, or not what its endpoint sends. Often a cut answer, so worth a repeat. */
export class MalformedBody extends Error {
  override name = 'MalformedBody';
}
