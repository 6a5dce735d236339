import type { Json } from '../../model/json.ts'

export type CommandAnswer =
  | { readonly command: string; readonly text: string }
  | { readonly command: string; readonly model: Json }
  | { readonly command: string; readonly refused: string }

export type WantedResult =
  | { readonly of: string; readonly value: Json | undefined }
  | { readonly of: string; readonly fault: string }

export type AskedSwitch =
  | { readonly name: string; readonly answers: readonly CommandAnswer[]; readonly wanted?: readonly WantedResult[] }
  | { readonly name: string; readonly failure: unknown }

/** Names with the runs of numbers in them: `leaf1-4, spine1`. Only what differs by 1 and has as many digits is a run. */
export function namesInRuns(names: readonly string[]): string {
  const runs: { stem: string; from: string; to: string }[] = []
  for (const name of names) {
    const { stem = name, digits = '' } = /^(?<stem>.*?)(?<digits>\d{1,9})$/.exec(name)?.groups ?? {}
    const last = runs.at(-1)
    if (last !== undefined && digits !== '' && last.stem === stem && follows(last.to, digits)) last.to = digits
    else runs.push({ stem, from: digits, to: digits })
  }
  return runs.map(({ stem, from, to }) => `${stem}${from}${from === to ? '' : `-${to}`}`).join(', ')
}

function follows(before: string, digits: string) {
  return Number(digits) === Number(before) + 1 && String(Number(digits)).padStart(before.length, '0') === digits
}
