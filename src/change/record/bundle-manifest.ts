import { z } from 'zod'
import { digestOf } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { digest } from './event/record-schema.ts'

const path = z.string().min(1)
const entry = z.strictObject({ name: z.string(), kind: z.enum(['file', 'folder']) })
const folder = z.strictObject({ path: z.string(), entries: z.array(entry).readonly() })
export type BundleFolder = z.output<typeof folder>

/** The shape of the list of a bundle, version 1. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('eosflow.bundle'),
  files: z.array(z.strictObject({ path, digest, ref: z.string() })).readonly(),
  folders: z.array(folder).readonly(),
})
export type BundleManifest = z.output<typeof manifestSchema>

export function bundleDigest({ version, kind, files, folders }: BundleManifest): string {
  const listed = files.map((file): Json => [file.path, file.digest])
  const named = folders.map((folder): Json => [folder.path, folder.entries.map((entry) => [entry.name, entry.kind])])
  return digestOf({ version, kind, files: listed, folders: named })
}

/** Throws `store`, by name, for another version and for what is no such list. */
export function readManifest(text: string): BundleManifest {
  const value = parsed(text)
  const version = isJsonObject(value) ? value.version : undefined
  if (version !== undefined && version !== 1) {
    throw new EosflowError('store', `the bundle has version ${JSON.stringify(version)}; this eosflow reads version 1`, {
      hint: 'Use the eosflow that published it, or a newer one.',
    })
  }
  const read = manifestSchema.safeParse(value)
  if (read.success) return read.data
  throw new EosflowError('store', `the list of a bundle is malformed: ${read.error.issues[0]?.message ?? 'unreadable'}`)
}

function parsed(text: string) {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new EosflowError('store', 'the list of a bundle is not JSON', { cause })
  }
}
