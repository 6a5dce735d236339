import { type Problem, problemOf } from '../../model/problem.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { CollectedFiles } from './collect.ts'

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9 ]+ )?PRIVATE KEY-----/

/** Why files may not be published, each by its name and line: they hold a secret that this process knows, a private key, or no UTF-8 text. */
export function unpublishable({ files }: Pick<CollectedFiles, 'files'>, scrubber: Scrubber): readonly Problem[] {
  const known = secretsOf(scrubber)
  return [...files].flatMap(([path, content]) => {
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
