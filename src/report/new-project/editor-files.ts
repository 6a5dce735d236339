import { count } from '../text/count.ts'

/** What was written so that an editor knows the files of a project, and what is left to its user. */
export interface EditorFiles {
  /** The schemas, by their paths in the project; they are written anew each time. */
  readonly schemas: readonly string[]
  /** Settings of the editor that were written, and those that were there and stay as they are. */
  readonly created: readonly string[]
  readonly kept: readonly string[]
  /** What settings that stay lack: files by their globs, by the path of their schema; and extensions. */
  readonly lacks: {
    readonly schemas: Readonly<Record<string, readonly string[]>>
    readonly extensions: readonly string[]
  }
}

/** What was written, and the lines to add to settings that stay as they are. */
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

/** The settings of VS Code for a folder. */
export const SETTINGS_FILE = '.vscode/settings.json'
/** The extensions that it recommends there. */
export const EXTENSIONS_FILE = '.vscode/extensions.json'

/** The members of an object as lines that are pasted into another. */
function indented(members: object): string {
  return JSON.stringify(members, null, 2).split('\n').slice(1, -1).join('\n')
}
