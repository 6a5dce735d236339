import { join } from 'node:path'
import { COMPLY_FILE } from '../../../change/plan/comply/comply-file.ts'
import { CHANGES_FOLDER } from '../../../change/workflow/change-file.ts'
import { type EditorFiles, EXTENSIONS_FILE, SETTINGS_FILE } from '../../../report/new-project/editor-files.ts'
import { CATALOG } from '../../files/catalog-file.ts'
import { INVARIANTS_FOLDER } from '../../files/loaded-invariants.ts'
import type { Project } from '../../files/project.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { makeFolder, saveFolder } from '../../system/process/save-folder.ts'
import { writeFiles } from './write-files.ts'

const EXTENSION = 'redhat.vscode-yaml'

const FOLDER = '.eosflow/schemas'

/** Writes what VS Code needs to know the files of a project: the schemas, which Git ignores, and its settings where there are none. `schemaOf` gives the text of the schema of a format. */
export async function wireEditor(
  host: Host,
  { dir, settings }: Pick<Project, 'dir' | 'settings'>,
  schemaOf: (name: string) => string,
): Promise<EditorFiles> {
  const globs = globsOf(settings)
  const names = Object.keys(globs)
  const schemas = Object.fromEntries(names.map((name) => [`${FOLDER}/${name}.json`, `${schemaOf(name)}\n`]))
  const hint = 'Look at .eosflow and .vscode in the project: folders that you can write, and no links.'
  makeFolder(host.cwd, dir, '.vscode', hint)
  // A store may come there: it is for its owner alone from the beginning.
  makeFolder(host.cwd, dir, FOLDER, hint, 0o700)
  saveFolder(host, dir, schemas, hint)
  const byPath = Object.fromEntries(names.map((name) => [`./${FOLDER}/${name}.json`, globs[name] ?? []]))
  const { created, kept } = await writeFiles(
    dir,
    new Map([
      [SETTINGS_FILE, asText({ 'yaml.schemas': byPath })],
      [EXTENSIONS_FILE, asText({ recommendations: [EXTENSION] })],
    ]),
  )
  return {
    schemas: Object.keys(schemas),
    created,
    kept,
    lacks: {
      schemas: Object.fromEntries(Object.entries(byPath).filter((row) => lacks(dir, SETTINGS_FILE, row))),
      extensions: [EXTENSION].filter((name) => lacks(dir, EXTENSIONS_FILE, name)),
    },
  }
}

function globsOf({
  inventory,
  policy,
}: Pick<Project['settings'], 'inventory' | 'policy'>): Readonly<Record<string, readonly string[]>> {
  return {
    workflow: ['workflows/*.yaml', 'workflows/*.yml', '!.github/workflows/*', '!*.test.yaml', '!*.asl.yaml'],
    change: [`${CHANGES_FOLDER}/**/*.yaml`, `${CHANGES_FOLDER}/**/*.yml`],
    inventory: [inventory],
    settings: ['eosflow.yaml'],
    policy: [policy],
    test: ['*.test.yaml', '*.test.yml'],
    fabric: ['fabrics/*/fabric.yaml'],
    catalog: [CATALOG],
    invariants: [`${INVARIANTS_FOLDER}/*.yaml`],
    comply: [COMPLY_FILE],
  }
}

function lacks(dir: string, path: string, value: string | readonly [string, unknown]) {
  const bare = (text: string) => text.replace(/\s/g, '')
  const written =
    typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(Object.fromEntries([value])).slice(1, -1)
  return !bare(readRegularText(join(dir, path))).includes(bare(written))
}

function asText(value: object) {
  return `${JSON.stringify(value, null, 2)}\n`
}
