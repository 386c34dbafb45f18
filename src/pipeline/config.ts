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

/**
 * `a.b.c=value` set in a tree; the value is read as YAML (numbers, lists, quantities). Throws BadConfig.
 *
 * @param example What such an assignment looks like, for the message.
 */
export function setKey(tree: ConfigTree, assignment: string, example = 'geometry.positionAngle=48.6'): ConfigTree {
  const cut = assignment.indexOf('=');
  const wrong = (): ZgradError => badConfig('--set', `'${assignment}'`, `key.path=value, for example ${example}`);
  if (cut < 1) throw wrong();
  let value: unknown;
  try {
    value = parseYaml(assignment.slice(cut + 1));
  } catch (cause) {
    throw cause instanceof YAMLParseError ? wrong() : cause;
  }
  return setPath(tree, assignment.slice(0, cut).trim(), value);
}

/** A copy of the tree with the value at a dotted path. */
export function setPath(tree: ConfigTree, path: string, value: unknown): ConfigTree {
  const [head, ...rest] = path.split('.') as [string, ...string[]];
  if (rest.length === 0) return { ...tree, [head]: value };
  const below = tree[head];
  const branch = typeof below === 'object' && below !== null && !Array.isArray(below) ? (below as ConfigTree) : {};
  return { ...tree, [head]: setPath(branch, rest.join('.'), value) };
}

/** The schema inside a default, an option or a null; null for any other. */
function unwrapped(schema: z.ZodType): z.ZodType | null {
  const wraps = [z.ZodPrefault, z.ZodDefault, z.ZodOptional, z.ZodNullable] as const;
  const wrap = wraps.find((kind) => schema instanceof kind);
  return wrap ? ((schema as InstanceType<typeof wrap>).unwrap() as z.ZodType) : null;
}

/** Every dotted key of the schema, for suggestions. Lists count as what they hold. */
export function knownKeys(schema: z.ZodType = configSchema, prefix = ''): string[] {
  const inner = unwrapped(schema);
  if (inner) return knownKeys(inner, prefix);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap((option) => knownKeys(option, prefix));
  if (schema instanceof z.ZodArray) return knownKeys(schema.element as z.ZodType, prefix);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>)
    .flatMap(([key, value]) => [`${prefix}${key}`, ...knownKeys(value, `${prefix}${key}.`)]);
}

function suggestion(path: string, schema: z.ZodType): string {
  const keys = knownKeys(schema);
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

/** What the schema says of the key at a path. */
function descriptionOf([key, ...rest]: readonly PropertyKey[], schema: z.ZodType): string | undefined {
  const inner = unwrapped(schema);
  if (key === undefined) return schema.description ?? (inner ? descriptionOf([], inner) : undefined);
  if (inner) return descriptionOf([key, ...rest], inner);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).map((option) => descriptionOf([key, ...rest], option)).find(Boolean);
  if (schema instanceof z.ZodArray && typeof key === 'number') return descriptionOf(rest, schema.element as z.ZodType);
  const below = schema instanceof z.ZodObject ? (schema.shape as Record<PropertyKey, z.ZodType>)[key] : undefined;
  return below && descriptionOf(rest, below);
}

/**
 * Checks a configuration and fills in the defaults. Throws BadConfig that names the path, what was found, what was
 * expected and, for an unknown key, the nearest valid one.
 */
export const checkConfig = (tree: ConfigTree, where: string): ConfigWritten => checkTree(configSchema, tree, where);

/** `checkConfig` for any schema. */
export function checkTree<S extends z.ZodType>(schema: S, tree: ConfigTree, where: string): z.output<S> {
  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues.find((one) => one.code === 'unrecognized_keys') ?? result.error.issues[0]!);
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path.filter((part) => typeof part !== 'number'), issue.keys[0]!].join('.');
    throw badConfig(`${where}: ${key}`, 'an unknown key', 'a key of the configuration', `Did you mean ${suggestion(key, schema)}?`);
  }
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], tree);
  const found = value === undefined ? 'nothing' : JSON.stringify(value);
  const remedy = path === 'redshift' && value === undefined ? 'Give it in the configuration or with --set redshift=0.0021.' : undefined;
  const kind = issue.message.replace(/^[\w ]+: expected /, '').replace(/, received .*$/, '');
  const expected = [kind === 'Invalid input' ? '' : kind, descriptionOf(issue.path, schema)].filter(Boolean).join(': ') || 'another value';
  throw badConfig(`${where}: ${path}`, found, expected, remedy);
}
