/** The value of a card. */
export type CardValue = string | number | boolean | null;

/** One header card, with its comment. COMMENT, HISTORY and blank cards have a string value. */
export interface Card {
  readonly key: string;
  readonly value: CardValue;
  readonly comment?: string;
}

/** The cards of one HDU in order, CONTINUE joined, HIERARCH keys without the word HIERARCH. */
export class Header {
  readonly cards: readonly Card[];
  readonly #index = new Map<string, CardValue>();

  constructor(cards: readonly Card[]) {
    this.cards = cards;
    for (const { key, value } of cards) if (!this.#index.has(key)) this.#index.set(key, value);
  }

  has(key: string): boolean {
    return this.#index.has(key);
  }

  /** The value of a key, undefined when absent. */
  get(key: string): CardValue | undefined {
    return this.#index.get(key);
  }

  /** The value when it is a number, otherwise undefined. */
  number(key: string): number | undefined {
    const value = this.#index.get(key);
    return typeof value === 'number' ? value : undefined;
  }

  /** The value when it is a string, otherwise undefined. */
  string(key: string): string | undefined {
    const value = this.#index.get(key);
    return typeof value === 'string' ? value : undefined;
  }
}
