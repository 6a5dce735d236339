import { z } from 'zod'
import { digestOf } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { ArtefactRef } from './event/artefact-ref.ts'
import { digest } from './event/record-schema.ts'

export interface BundleFile {
  readonly path: string
  readonly digest: string
  readonly ref: ArtefactRef
}

export interface BundleFolder {
  readonly path: string
  readonly entries: readonly { readonly name: string; readonly kind: 'file' | 'folder' }[]
}

export interface BundleManifest {
  readonly version: 1
  readonly kind: 'eosflow.bundle'
  readonly files: readonly BundleFile[]
  readonly folders: readonly BundleFolder[]
}

const path = z.string().min(1)

/** The shape of the list of a bundle, version 1. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('eosflow.bundle'),
  files: z.array(z.strictObject({ path, digest, ref: z.string() })),
  folders: z.array(
    z.strictObject({
      path: z.string(),
      entries: z.array(z.strictObject({ name: z.string(), kind: z.enum(['file', 'folder']) })),
    }),
  ),
})

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

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new EosflowError('store', 'the list of a bundle is not JSON', { cause })
  }
}
