// One module: every kernel is re-exported here.
export * from './memory';
export * from './transpose';
export * from './lines';
