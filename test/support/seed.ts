import { configureGlobal } from 'fast-check';

/** Property tests draw the same cases in every run; ZGRAD_TEST_SEED draws others. */
configureGlobal({ seed: Number(process.env['ZGRAD_TEST_SEED'] ?? 1) });
