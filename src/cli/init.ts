import type { Command } from 'commander';
import { ZgradError } from '../errors/index.js';
import { exists, writeAtomically } from '../host/index.js';
import { configJsonSchema, exampleConfig } from '../pipeline/index.js';
import { command, printResult, type CommonOptions, type Done } from './options.js';

export function initCommand(_done: Done): Command {
  return command('init', 'Write a commented configuration to start from, with its JSON schema beside it for editors.', 'zgrad init NGC1705.yaml')
    .argument('[FILE]', 'configuration to write', 'zgrad.yaml')
    .action(async (file: string, options: CommonOptions) => {
      if (await exists(file)) {
        throw new ZgradError('OutputExists', { where: file, found: 'an existing file', expected: 'a new name', remedy: 'Choose another name or remove it.' });
      }
      const schemaFile = `${file.replace(/\.ya?ml$/, '')}.schema.json`;
      await writeAtomically(schemaFile, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
      await writeAtomically(file, exampleConfig(schemaFile.split('/').at(-1)!));
      printResult(options, { configuration: file, schema: schemaFile }, `wrote ${file} and ${schemaFile}`);
    });
}
