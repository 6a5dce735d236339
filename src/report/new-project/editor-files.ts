import { count } from '../text/text.ts'

/** What was written so that an editor knows the files of a project, and what is left to its user. */
export interface EditorFiles {
  readonly schemas: readonly string[]
  readonly created: readonly string[]
  readonly kept: readonly string[]
  readonly lacks: {
    readonly schemas: Readonly<Record<string, readonly string[]>>
    readonly extensions: readonly string[]
  }
}

export function editorText({ schemas, created, kept, lacks }: EditorFiles): string {
  const missing = Object.keys(lacks.schemas).length > 0 ? [indented({ 'yaml.schemas': lacks.schemas })] : []
  const extensions = lacks.extensions.length > 0 ? [indented({ recommendations: lacks.extensions })] : []
  return [
    `wrote ${count(schemas.length, 'schema')} into .eosflow/schemas`,
    ...created.map((path) => `created ${path}`),
    ...kept.map((path) => `kept ${path}: it is there already, and was not touched`),
    ...[
      ...missing.map((lines) => [SETTINGS_FILE, lines]),
      ...extensions.map((lines) => [EXTENSIONS_FILE, lines]),
    ].flatMap(([path, lines]) => [`Add to ${path}:`, `${lines}`]),
    '',
  ].join('\n')
}

export const SETTINGS_FILE = '.vscode/settings.json'
export const EXTENSIONS_FILE = '.vscode/extensions.json'

function indented(members: object) {
  return JSON.stringify(members, null, 2).split('\n').slice(1, -1).join('\n')
}
