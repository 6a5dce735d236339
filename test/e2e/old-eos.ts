/** The EOS under which a switch with this configuration is simulated: one that was recorded on a version too old to be changed runs the next one that is. */
export function changeableEos(config: string): { readonly eos?: string } {
  return /^! device: .*, EOS-4\.(?:1\d|2[0-2])\./m.test(config) ? { eos: '4.23.5M' } : {}
}
