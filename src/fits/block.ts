/** Headers and data units are padded to whole blocks of this many bytes. */
export const blockLength = 2880;

/** A length with its padding. */
export const padded = (length: number): number => Math.ceil(length / blockLength) * blockLength;
