/** One quantity in one or several channels; a channel has a value and optionally an error per bin. */
export interface Channel {
  readonly name: string;
  readonly unit: string;
  readonly values: ArrayLike<number>;
  readonly errors?: ArrayLike<number> | null;
  /** Added to the bin's own status for this channel's mask. */
  readonly mask?: ArrayLike<number>;
}
