import { joined } from '../../../../change/roster/ansible/file-text.ts'
import { type PlayWorkflow, playWorkflowText } from '../../../../report/new-project/play-workflow.ts'
import type { Playbooks } from '../../../../report/new-project/text.ts'
import type { Tree } from '../../../../text/source/located.ts'
import type { NotTaken } from './play.ts'
import { type AnsibleProject, changeOfPlay, type PlayChange } from './play-change.ts'
import { importedPlaybooks, readPlaybook } from './read-playbook.ts'

export interface PlaybookWorkflows {
  readonly files: ReadonlyMap<string, string>
  readonly found: Playbooks
}

/** `folder` is from the project. */
export function workflowsFrom(folder: string, project: AnsibleProject): PlaybookWorkflows {
  const { playbooks, unread } = playbooksIn(folder, project.tree)
  let broken = 0
  const plays = playbooks.flatMap((file) => {
    const read = readPlaybook(project.tree, file)
    if (read === undefined) return []
    if ('plays' in read) return [{ file, changes: read.plays.map((play) => changeOfPlay(play, project)) }]
    unread.push(read)
    broken += 1
    return []
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
      playbooks: plays.length + broken,
      taken: all.reduce((sum, { taken }) => sum + taken.length, 0),
      workflows,
      notTaken: once([...unread, ...all.flatMap(({ notTaken }) => notTaken)]),
      notes: [...new Set(all.flatMap(({ notes }) => notes))],
    },
  }
}

function once(notTaken: readonly NotTaken[]) {
  return [...new Map(notTaken.map((one) => [JSON.stringify(one), one])).values()]
}

function factsOf(file: string, { play, targets, mode, notTaken, notes, template }: PlayChange): PlayWorkflow {
  const params = play.params.filter((name) => new RegExp(`\\b${name}\\b|\\{% include`).test(template))
  const isQuiet = !/(?<!\bno )shutdown/.test(template)
  return { file, play: play.name, targets, mode, waves: play.waves, params, notTaken, notes, isQuiet }
}

const OTHERS =
  /^\.|^(?:roles|group_vars|host_vars|collections|templates|files|molecule|tests?|node_modules|venv|workflows|fabrics)$/
const MOST_DEEP = 6

function playbooksIn(
  folder: string,
  tree: Tree,
): { readonly playbooks: readonly string[]; readonly unread: NotTaken[] } {
  const files = new Set(yamlBelow(folder === '' ? '.' : folder, tree, MOST_DEEP))
  const unread: NotTaken[] = []
  for (const file of files) {
    for (const { path, notTaken } of importedPlaybooks(tree, file)) {
      files.add(path)
      if (notTaken !== undefined) unread.push(notTaken)
    }
  }
  return { playbooks: [...files], unread }
}

function yamlBelow(folder: string, tree: Tree, depth: number): readonly string[] {
  return (tree.folder(folder) ?? []).flatMap(({ name, kind }) => {
    const path = joined(folder, name)
    if (kind === 'file') return /\.ya?ml$/.test(name) ? [path] : []
    return depth > 1 && !OTHERS.test(name) ? yamlBelow(path, tree, depth - 1) : []
  })
}

function freeName(file: string, { play }: PlayChange, isOne: boolean, files: ReadonlyMap<string, string>) {
  const base = slug(
    file
      .replace(/^.*\//, '')
      .replace(/\.ya?ml$/, '')
      .replace(/^playbook[_-]/, ''),
  )
  const name = isOne && slug(play.name) !== '' ? `${base}-${slug(play.name)}` : base
  const taken = (tried: string) => files.has(`workflows/${tried}.yaml`)
  if (!taken(name)) return name
  for (let number = 2; ; number += 1) if (!taken(`${name}-${number}`)) return `${name}-${number}`
}

function slug(text: string) {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
}
