import { playWorkflowText } from '../../../report/new-project/play-workflow.ts'
import type { Playbooks } from '../../../report/new-project/text.ts'
import type { Tree } from '../../../source/tree.ts'
import { type AnsibleProject, changeOfPlay, type PlayChange } from './play-change.ts'
import { importedPlaybooks, readPlaybook } from './read-playbook.ts'

/** The workflows that playbooks become. */
export interface PlaybookWorkflows {
  /** Text by path, from the project: workflows and their templates. */
  readonly files: ReadonlyMap<string, string>
  readonly found: Playbooks
}

/** The folders in which playbooks lie, from that of Ansible. */
const FOLDERS = ['.', 'playbooks'] as const

/** Makes a workflow of each play of the playbooks in a folder that changes switches. `folder` is from the project. */
export function workflowsFrom(folder: string, project: AnsibleProject): PlaybookWorkflows {
  const plays = playbooksIn(folder, project.tree).flatMap((file) => {
    const read = readPlaybook(project.tree, file)
    return read === undefined ? [] : [{ file, changes: read.map((play) => changeOfPlay(play, project)) }]
  })
  const files = new Map<string, string>()
  const workflows: string[] = []
  for (const { file, changes } of plays) {
    const made = changes.filter(({ taken }) => taken.length > 0)
    for (const change of made) {
      const name = freeName(file, change, made.length > 1, files)
      workflows.push(`workflows/${name}.yaml`)
      files.set(`workflows/${name}.yaml`, playWorkflowText(name, factsOf(file, change)))
      files.set(`workflows/templates/${name}.j2`, change.template)
    }
  }
  const all = plays.flatMap(({ changes }) => changes)
  return {
    files,
    found: {
      playbooks: plays.length,
      taken: all.reduce((sum, { taken }) => sum + taken.length, 0),
      workflows,
      notTaken: all.flatMap(({ notTaken }) => notTaken),
      notes: all.flatMap(({ notes }) => notes),
    },
  }
}

function factsOf(file: string, { play, targets, mode, notTaken, notes, template }: PlayChange) {
  return {
    file,
    play: play.name,
    targets,
    mode,
    waves: play.waves,
    notTaken,
    notes,
    isQuiet: !/shutdown/.test(template),
  }
}

function playbooksIn(folder: string, tree: Tree): readonly string[] {
  const found = FOLDERS.map((name) =>
    name === '.' ? folder : `${folder === '' || folder === '.' ? '' : `${folder}/`}${name}`,
  ).flatMap((path) =>
    (tree.folder(path === '' ? '.' : path) ?? [])
      .filter(({ name, kind }) => kind === 'file' && /\.ya?ml$/.test(name))
      .map(({ name }) => (path === '' || path === '.' ? name : `${path}/${name}`)),
  )
  const files = new Set(found)
  for (const file of files) for (const other of importedPlaybooks(tree, file)) files.add(other)
  return [...files]
}

/** A name for a workflow: that of its playbook, with that of its play where there are several. */
function freeName(file: string, { play }: PlayChange, isOne: boolean, files: ReadonlyMap<string, string>): string {
  const base = slug(
    file
      .replace(/^.*\//, '')
      .replace(/\.ya?ml$/, '')
      .replace(/^playbook[_-]/, ''),
  )
  const name = isOne && slug(play.name) !== '' ? `${base}-${slug(play.name)}` : base
  const taken = (tried: string): boolean => files.has(`workflows/${tried}.yaml`)
  if (!taken(name)) return name
  for (let number = 2; ; number += 1) if (!taken(`${name}-${number}`)) return `${name}-${number}`
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
}
