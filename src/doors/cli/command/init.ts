import { relative, resolve } from 'node:path'
import { messageOf } from '../../../model/error.ts'
import { addWorkflows, projectFrom } from '../../../project/authoring/scaffold/project-from.ts'
import { newProject, wireEditor } from '../../../project/authoring/scaffold/write-files.ts'
import { openProject } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { fileRows, type NewProject, newProjectText, projectFromText } from '../../../report/new-project/text.ts'
import { texts } from '../option/options.ts'
import { schemaTexts } from '../option/schema-text.ts'
import { asTyped, type Invocation } from '../terminal/io.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const workflows = texts(options.workflow)
  if (workflows.length > 0) return addedTo(invocation, workflows)
  if (options.from !== undefined) return fromInventory(invocation, String(options.from))
  const [typed = '.'] = args
  const dir = resolve(io.cwd, typed)
  const { created, kept, unignored } = await newProject(dir, typed)
  const editor = await editorOf(invocation, dir)
  const written: NewProject = {
    created: [...created, ...(editor?.created ?? [])],
    kept: [...kept, ...(editor?.kept ?? [])],
    unignored,
    ...(editor === undefined ? {} : { lacks: editor.lacks }),
  }
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, project: dir, ...written })}\n`
      : `${asTyped(newProjectText(written), io)}\n${nextLines(relative(io.cwd, dir))}\n`,
  )
  return 0
}

async function editorOf({ io, global }: Invocation, dir: string) {
  try {
    return await wireEditor(io, openProject(io, { ...global, project: dir }), schemaTexts(io.features))
  } catch (error) {
    io.err(`! no schemas for editors: ${messageOf(error)}\n`)
    return undefined
  }
}

async function addedTo({ io, args, options, global }: Invocation, workflows: readonly string[]) {
  if (options.from !== undefined || args.length > 0) {
    throw inputError(
      '--workflow',
      'bad-usage',
      'it is for a project that is there',
      'Make the project first, then add workflows to it: eosflow init --workflow NAME, in the project or with -C.',
    )
  }
  const dir = openProject(io, global).dir
  const written = await addWorkflows(dir, workflows)
  const [first = ''] = workflows
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, project: dir, ...written })}\n`
      : `${fileRows(written).join('\n')}\nNext: eosflow validate workflows/${first}.yaml\n`,
  )
  return 0
}

async function fromInventory({ io, args, options, global }: Invocation, kind: string) {
  const [typed = '.'] = args
  const dir = resolve(io.cwd, global.project ?? '.')
  const isPartial = options.partial === true
  const made = await projectFrom({ kind, dir, source: resolve(io.cwd, typed), typed, isPartial })
  io.out(`${global.json ? JSON.stringify({ version: 1, project: dir, ...made }) : projectFromText(made)}\n`)
  return 0
}

function nextLines(dir: string) {
  return [
    ...(dir === '' ? [] : [`cd ${dir}`]),
    'eosflow validate',
    'eosflow sim start fabrics/dc1 &',
    `eosflow run ${CHANGE}`,
  ]
    .map((line, index) => `${index === 0 ? 'Next:' : '     '} ${line}`)
    .join('\n')
}
