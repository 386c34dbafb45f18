import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rooms whose tests change nothing of their process: their files share one, so that it loads the library once. */
const pure = [
  'binning', 'cube', 'disk', 'evolution', 'figures', 'fits', 'image', 'light', 'linemaps', 'nebula', 'numeric', 'sample', 'simulate', 'sky', 'spectrum', 'stats', 'table', 'templates', 'units',
].map((room) => `test/${room}/**/*.test.ts`);

/** The long files first, so that the workers end together; last those that share a process, one after another. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ project, moduleId }: TestSpecification): number => (project.name === 'pure' ? 2 : /[\\/]test[\\/](?:e2e|validate)[\\/]/.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => turn(a) - turn(b));
  }
}

export default defineConfig({
  test: {
    setupFiles: ['test/support/seed.ts'], testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2, sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: pure, globalSetup: ['test/support/programWithoutPictures.ts'] } },
    ],
  },
});
