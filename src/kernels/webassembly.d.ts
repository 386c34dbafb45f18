/** WebAssembly, which Node, workers and browsers all have; neither the language's library nor Node's types declare it. */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array): boolean;
  class Module { constructor(bytes: Uint8Array); }
  class Instance { constructor(module: Module, imports?: Record<string, Record<string, unknown>>); readonly exports: Record<string, unknown>; }
}
