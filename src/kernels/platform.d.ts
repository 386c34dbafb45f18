/**
 * The few names that Node, workers and browsers all have and that the language's own library lacks.
 * They are declared here so that floors 0–4 are type-checked with neither Node's nor the DOM's types.
 */
declare class TextDecoder { constructor(label?: string, options?: { fatal?: boolean }); decode(bytes?: Uint8Array): string; }
declare class TextEncoder { encode(text: string): Uint8Array<ArrayBuffer>; }
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
