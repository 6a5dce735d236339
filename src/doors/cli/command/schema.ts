import { wireEditor } from '../../../project/authoring/scaffold/write-files.ts'
import { openProject } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { editorText } from '../../../report/new-project/editor-files.ts'
import { text } from '../option/options.ts'
import { SCHEMA_NAMES } from '../option/schema-names.ts'
import { schemaTexts } from '../option/schema-text.ts'
import type { Invocation } from '../terminal/io.ts'

/** Prints the JSON Schema (draft 2020-12) of a file format, for editors; or wires an editor to those of the files of a project. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options } = invocation
  const [name] = args
  const editor = text(options.editor)
  if (editor !== undefined) return wired(invocation, editor)
  if (name === undefined)
    throw inputError('schema', 'bad-usage', 'it needs the name of a file format', `One of: ${SCHEMA_NAMES.join(', ')}`)
  io.out(`${schemaTexts(io.features)(name)}\n`)
  return 0
}

async function wired({ io, args, global }: Invocation, editor: string) {
  if (editor !== 'vscode')
    throw inputError('--editor', 'bad-usage', `there are no settings for \`${editor}\``, 'There are some for vscode.')
  if (args.length > 0)
    throw inputError(
      '--editor',
      'bad-usage',
      'it takes every schema of a project',
      'Leave the name of the format away.',
    )
  const wiring = await wireEditor(io, openProject(io, global), schemaTexts(io.features))
  io.out(global.json ? `${JSON.stringify({ version: 1, ...wiring })}\n` : editorText(wiring))
  return 0
}
