import type { z } from 'zod'
import type { faultKinds } from './fault-kinds.ts'

type Frozen<T> = T extends readonly (infer One)[] ? readonly One[] : T

type WithoutDevice<T> = T extends unknown
  ? { readonly [K in keyof T as Exclude<K, 'device'>]: Frozen<Exclude<T[K], undefined>> }
  : never

/** What goes wrong with a switch: times are in seconds, from when it is set; without `for`, for good. */
export type Fault = WithoutDevice<z.output<typeof faultKinds>>

export type FaultOf<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>

export type DeviceFault = Fault & { readonly device: string }
