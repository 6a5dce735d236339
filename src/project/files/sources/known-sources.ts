import type { PreparedChange } from '../../../change/plan/prepare.ts'
import type { Files, SourceText } from '../../../change/workflow/template/files.ts'
import { digestOf } from '../../../model/digest.ts'
import { GENERATED_LIMIT, readText } from '../../../text/source/located.ts'

/**
 * The texts that a change is made from, as they were when it was prepared: each by its digest, so that one switch is compared with
 * its own part of them and not with everybody's.
 */
export interface KnownSources {
  includes(texts: readonly SourceText[]): boolean
  /** `files` gives what a file holds now. */
  areKept(files: Files, device?: string): boolean
  areAllKept(files: Files): boolean
}

const FEW = 20

export function knownSources({ workflow, sources, filesOf, changeFile }: PreparedChange): KnownSources {
  const known = new Map(sources.map(({ file, text }) => [file, digestOf(text)]))
  const users = new Map<string, number>()
  for (const file of Object.values(filesOf).flat()) users.set(file, (users.get(file) ?? 0) + 1)
  const isFew = known.size <= FEW
  const asking = changeFile === undefined ? [] : [changeFile, ...(changeFile.after ?? [])].map(({ file }) => file)
  const common = [
    workflow.file,
    ...asking,
    ...[...users].flatMap(([file, count]) => (isFew || count > 1 ? [file] : [])),
  ]
  const isKept = (files: Files) => (file: string) => {
    const now = readText(files(file) ?? '', file, GENERATED_LIMIT)
    return now.ok && digestOf(now.value) === known.get(file)
  }
  return {
    includes: (texts) => texts.every(({ file, text }) => known.get(file) === digestOf(text)),
    areKept: (files, device) => [...new Set([...common, ...(filesOf[device ?? ''] ?? [])])].every(isKept(files)),
    areAllKept: (files) => [...known.keys()].every(isKept(files)),
  }
}
