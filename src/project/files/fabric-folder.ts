import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { vouchedForms } from '../../change/plan/taken-forms.ts'
import { type Fabric, parseFabric } from '../../eos/sim/fabric/fabric.ts'
import { problemOf, type ValueOrProblems } from '../../model/error.ts'
import { absentProblem, type Files } from '../../text/source/files.ts'
import { suggest } from '../../text/source/suggest.ts'
import { confinedFiles } from '../system/machine/confined-file.ts'
import type { Host } from '../system/process/host.ts'
import { InputError, orProblems } from '../system/process/input-error.ts'
import type { Project } from './project.ts'

/** Whether a folder is a fabric: it holds `fabric.yaml`. */
export function isFabricFolder(folder: string): boolean {
  return existsSync(join(folder, 'fabric.yaml'))
}

/** The fabric folders of a project (`fabrics/<name>`), absolute, by name. */
export function fabricFolders({ dir }: Pick<Project, 'dir'>): readonly string[] {
  const around = join(dir, 'fabrics')
  if (!existsSync(around)) return []
  return readdirSync(around)
    .sort()
    .map((name) => join(around, name))
    .filter(isFabricFolder)
}

/** Reads `fabric.yaml` in a folder and the configurations beside it. Throws InputError with everything that is wrong. */
export function readFabric(host: Pick<Host, 'cwd' | 'words'>, typed: string): Fabric {
  const folder = resolve(host.cwd, typed)
  const shown = join(relative(host.cwd, folder), 'fabric.yaml')
  if (!existsSync(folder)) throw new InputError([noFabric(host, shown)])
  const files = confinedFiles(realpathSync(folder), 'the fabric folder')
  const text = files('fabric.yaml')
  if (text === undefined) throw new InputError([absentProblem(files, 'fabric.yaml', noFabric(host, shown))])
  return orProblems(parseFabric(text, shown, files))
}

export function withVouchedForms(fabric: Fabric, files: Files): ValueOrProblems<Fabric> {
  const known = vouchedForms(files)
  return known.ok ? { ok: true, value: { ...fabric, vouched: known.value.forms } } : known
}

function fabricsBeside(cwd: string, typed: string) {
  const around = resolve(cwd, dirname(typed))
  if (!existsSync(around)) return []
  return readdirSync(around)
    .filter((name) => isFabricFolder(join(around, name)))
    .map((name) => join(dirname(typed), name))
}

function noFabric(host: Pick<Host, 'cwd' | 'words'>, file: string) {
  const near = suggest(dirname(file), fabricsBeside(host.cwd, dirname(file)))
  return problemOf(file, 'missing-file', 'there is no fabric here', host.words({ code: 'make-fabric', near }))
}
