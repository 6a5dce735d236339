import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { newest } from '../../build.ts'
import { inProcess, ROOT } from '../../lab/lab.ts'

const compiled = new Map<string, ValidateFunction>()

/** What is wrong with a document by the schema that `eosflow schema NAME` prints, by a judge that is not ours. */
export async function faultsBy(name: string, document: unknown): Promise<readonly string[]> {
  const validate = compiled.get(name) ?? compile((await inProcess(['schema', name])).stdout)
  compiled.set(name, validate)
  validate(document)
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

function compile(schema: string) {
  return new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(JSON.parse(schema) as object)
}

/** Writes the declarations of the sources into a folder, as a build does. */
export function declarationsInto(folder: string) {
  const emit = ['-p', 'tsconfig.json', '--noCheck', '--singleThreaded', '--emitDeclarationOnly', '--outDir', folder]
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...emit], { cwd: ROOT })
}

/** Where the declarations of the sources are: in `dist`, or in the given folder where a build has not written them since a source was changed. */
export function declarationsAt(folder: string): string {
  const built = join(ROOT, 'dist')
  const at = statSync(join(built, 'index.d.ts'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (at > newest('src')) return built
  declarationsInto(folder)
  return folder
}

/** A name that a module exports, and the file that declares it, as a path below the folder of the declarations. */
export interface ExportedName {
  readonly name: string
  readonly file: string
}

/** The names that a file of re-exports has, from its text. */
export function exportedNames(text: string): readonly ExportedName[] {
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)].flatMap(([, names = '', path = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => ({ name, file: path.replace(/^\.\//, '').replace(/\.[jt]s$/, '.d.ts') })),
  )
}

/** A declaration of a file of declarations, without its comments: from `export` to the end of the statement. */
export function declarationOf(folder: string, { name, file }: ExportedName): string {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const kinds = '(?:declare )?(?:abstract )?(?:function|class|const|interface|type)'
  const start = new RegExp(`^export ${kinds} ${name}\\b`, 'm').exec(text)?.index
  if (start === undefined) return followed(folder, { name, file }, text)
  const end = endOf(text, start)
  return text
    .slice(start, end)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n')
}

function followed(folder: string, { name, file }: ExportedName, text: string) {
  const found = exportedNames(text).find((one) => one.name === name)
  if (found === undefined) throw new Error(`${file} does not declare ${name}`)
  return declarationOf(folder, { name, file: join(dirname(file), found.file) })
}

/** Where a statement ends: behind its outermost brackets, at the first `;` or `}` that begins no other line of it. */
function endOf(text: string, start: number) {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? ''
    if ('{[('.includes(char)) depth += 1
    if ('}])'.includes(char)) depth -= 1
    const isBody =
      char === '}' && depth === 0 && /^export (?:interface|declare (?:abstract )?class)/.test(text.slice(start))
    if (isBody || (char === ';' && depth === 0)) return at + 1
  }
  return text.length
}
