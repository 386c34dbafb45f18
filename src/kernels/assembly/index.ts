// One module: every kernel is re-exported here.
export * from './memory';
export * from './transpose';
export * from './lines';
export * from './fft';
export * from './linear';
export * from './losvd';
export * from './box';
export * from './smooth';
export * from './bands';
