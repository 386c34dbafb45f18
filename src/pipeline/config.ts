import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { ZgradError } from '../errors/index.js';
import { configSchema, type ConfigWritten } from './schema.js';
import { nearestWord } from './nearest.js';

/** A tree of configuration values as read from YAML. */
export type ConfigTree = Record<string, unknown>;

function badConfig(where: string, found: string, expected: string, remedy?: string): ZgradError {
  return new ZgradError('BadConfig', { where, found, expected, ...(remedy ? { remedy } : {}) });
}

/** Parses a YAML configuration. Throws BadConfig with line and column. */
export function parseConfigText(text: string, where: string): ConfigTree {
  let tree: unknown;
  try {
    tree = parseYaml(text, { prettyErrors: true });
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    const at = cause.linePos?.[0];
    throw badConfig(at ? `${where}, line ${at.line}, column ${at.col}` : where, cause.message.split('\n')[0]!, 'valid YAML');
  }
  if (tree === null || tree === undefined) return {};
  if (typeof tree !== 'object' || Array.isArray(tree)) throw badConfig(where, 'no keys', 'lines such as `redshift: 0.0021`');
  return tree as ConfigTree;
}

/** `a.b.c=value` set in a tree; the value is read as YAML (numbers, lists, quantities). Throws BadConfig. */
export function setKey(tree: ConfigTree, assignment: string): ConfigTree {
  const cut = assignment.indexOf('=');
  if (cut < 1) throw badConfig('--set', `'${assignment}'`, 'key.path=value, for example geometry.positionAngle=48.6');
  return setPath(tree, assignment.slice(0, cut).trim(), parseYaml(assignment.slice(cut + 1)));
}

/** A copy of the tree with the value at a dotted path. */
export function setPath(tree: ConfigTree, path: string, value: unknown): ConfigTree {
  const [head, ...rest] = path.split('.') as [string, ...string[]];
  if (rest.length === 0) return { ...tree, [head]: value };
  const below = tree[head];
  const branch = typeof below === 'object' && below !== null && !Array.isArray(below) ? (below as ConfigTree) : {};
  return { ...tree, [head]: setPath(branch, rest.join('.'), value) };
}

/** Every dotted key of the schema, for suggestions. */
export function knownKeys(schema: z.ZodType = configSchema, prefix = ''): string[] {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return knownKeys(schema.unwrap() as z.ZodType, prefix);
  }
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap((option) => knownKeys(option, prefix));
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>)
    .flatMap(([key, value]) => [`${prefix}${key}`, ...knownKeys(value, `${prefix}${key}.`)]);
}

function suggestion(path: string): string {
  const keys = knownKeys();
  const last = path.split('.').at(-1)!;
  const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.') + 1) : '';
  const siblings = keys.filter((key) => key.startsWith(parent) && !key.slice(parent.length).includes('.'));
  const byName = nearestWord(last, (siblings.length ? siblings : keys).map((key) => key.split('.').at(-1)!));
  const elsewhere = keys.find((key) => key.split('.').at(-1)!.toLowerCase() === last.toLowerCase());
  return elsewhere ?? `${parent}${byName}`;
}

/** The issue that says most: inside a union, the branch that got furthest. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map((one) => deepest({ ...one, path: [...issue.path, ...one.path] } as z.core.$ZodIssue));
  return inner.find((one) => one.code === 'unrecognized_keys') ?? inner.reduce((a, b) => (b.path.length > a.path.length ? b : a), issue);
}

/**
 * Checks a configuration and fills in the defaults. Throws BadConfig that names the path, what was found, what was
 * expected and, for an unknown key, the nearest valid one.
 */
export function checkConfig(tree: ConfigTree, where: string): ConfigWritten {
  const result = configSchema.safeParse(tree);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues.find((one) => one.code === 'unrecognized_keys') ?? result.error.issues[0]!);
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = [path, issue.keys[0]!].filter(Boolean).join('.');
    throw badConfig(`${where}: ${key}`, 'an unknown key', 'a key of the configuration', `Did you mean ${suggestion(key)}?`);
  }
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], tree);
  const found = value === undefined ? 'nothing' : JSON.stringify(value);
  const remedy = path === 'redshift' && value === undefined ? 'Give it in the configuration or with --set redshift=0.0021.' : undefined;
  throw badConfig(`${where}: ${path}`, found, issue.message.replace(/^Invalid input: expected /, '').replace(/, received .*$/, ''), remedy);
}
