import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'
import { type Problem, problemOf } from '../../../model/problem.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { CollectedFiles } from './collect.ts'

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9 ]+ )?PRIVATE KEY-----/

/** Why files may not be published, each by its name and line: their names mislead, or they hold a secret that this process knows, a private key, or no UTF-8 text. */
export function unpublishable({ files }: Pick<CollectedFiles, 'files'>, scrubber: Scrubber): readonly Problem[] {
  const known = secretsOf(scrubber)
  const misnamed = misleadingNames([...files.keys()])
  const held = [...files].flatMap(([path, content]) => {
    const bytes = Buffer.from(content)
    const text = bytes.toString('utf8')
    if (!Buffer.from(text).equals(bytes))
      return [
        problemOf(
          path,
          'not-utf-8',
          'the file is no UTF-8 text, and nothing else is published',
          'Convert it, or move it out of the folders that are published.',
        ),
      ]
    const lines = text.split('\n')
    const key = lines.findIndex((line) => PRIVATE_KEY.test(line))
    const clean = scrubber.scrub(text)
    const secret = clean === text ? -1 : firstOther(lines, clean.split('\n'))
    const name = known.find(([value]) => text.includes(value))?.[1] ?? 'a secret that this process knows'
    return [
      ...(key < 0 ? [] : [problem(path, key, 'private-key', 'the file holds a private key')]),
      ...(secret < 0 ? [] : [problem(path, secret, 'secret-in-bundle', `the file holds the value of ${name}`)]),
    ]
  })
  return [...misnamed, ...held]
}

/** The paths that nobody can tell apart from others, on a screen or on a disk where neither case nor Unicode's ways to write a letter count. */
function misleadingNames(paths: readonly string[]): readonly Problem[] {
  const spelt = new Map<string, string>()
  return paths.flatMap((path) => {
    if (HIDDEN_CHARACTER.test(path)) {
      const message = 'the name of the file has a character that nobody sees, or that moves what is seen'
      return [problemOf(visibleLine(path), 'hidden-in-name', message, 'Rename it.')]
    }
    const steps = path.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'))
    const other = steps.flatMap((step) => {
      const key = step.normalize('NFKC').toLowerCase()
      const known = spelt.get(key) ?? step
      spelt.set(key, known)
      return known === step ? [] : [known]
    })[0]
    if (other === undefined) return []
    const message = `its name and that of ${other} differ in nothing but case, or in how Unicode writes a letter`
    return [problemOf(path, 'alike-names', message, 'Rename one of them: some disks hold only one.')]
  })
}

function problem(file: string, index: number, code: string, message: string): Problem {
  const hint =
    'Write a reference (env, file, exec or vault) in place of the value: what is published is read by every worker.'
  return { code, message, at: { file, line: index + 1, column: 1 }, hint }
}

function firstOther(lines: readonly string[], clean: readonly string[]): number {
  return Math.max(
    lines.findIndex((line, index) => line !== clean[index]),
    0,
  )
}

/** The secrets that are known by now, with their names. */
function secretsOf(scrubber: Scrubber): readonly (readonly [string, string])[] {
  const known: (readonly [string, string])[] = []
  scrubber.follow((value, name) => {
    if (name !== undefined) known.push([value, name])
  })()
  return known
}
