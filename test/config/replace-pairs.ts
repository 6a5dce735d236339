import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { recordings } from '../recordings.ts'

/** The folder of recorded public material beside the checkout, or undefined where it is not there. */
export const shared: URL | undefined = existsSync(recordings('')) ? recordings('') : undefined

/** The text of one recorded file. */
export function recorded(path: string): string {
  return readFileSync(new URL(path, shared), 'utf8')
}

/** One recorded edit of a whole configuration. */
export interface ReplacePair {
  readonly name: string
  readonly running: string
  readonly candidate: string
}

/** Every recorded pair of a running-config and the candidate that replaced it. */
export function replacePairs(): ReplacePair[] {
  const folder = 'eos-corpus/replace-pairs/'
  return readdirSync(new URL(folder, shared)).map((name) => ({
    name,
    running: recorded(`${folder}${name}/running.cfg`),
    candidate: recorded(`${folder}${name}/candidate.cfg`),
  }))
}

/** Every whole recorded configuration of the kinds that stand for a real switch. */
export function wholeConfigs(): { readonly name: string; readonly text: string }[] {
  const kinds = ['real-device', 'field-like', 'avd-generated', 'avd-base']
  return recorded('eos-corpus/manifest.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { file: string; kind: string })
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ file }) => ({ name: file, text: recorded(`eos-corpus/${file}`) }))
}
