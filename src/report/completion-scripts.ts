export const SHELLS = ['bash', 'zsh', 'fish'] as const

type Shell = (typeof SHELLS)[number]

// Bash hands its line over: its own words end at `:`, `=` and `@`, and what is offered begins behind the last of those.
const BASH = `# eosflow completion bash: source it, or put it into ~/.local/share/bash-completion/completions/eosflow
_eosflow() {
  local word typed="\${COMP_LINE:0:COMP_POINT}"
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(eosflow __complete bash "$COMP_WORDBREAKS" "$typed" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
  typed="\${typed##*[[:space:],(=]}"
  if [[ \${#COMPREPLY[@]} -eq 0 && $typed == @* ]]; then
    while IFS= read -r word; do COMPREPLY+=("@$word"); done < <(compgen -f -- "\${typed#@}")
  fi
}
complete -o default -F _eosflow eosflow
`

const ZSH = `#compdef eosflow
# eosflow completion zsh: put it as _eosflow into a folder of $fpath, or source it behind compinit
_eosflow() {
  local -a found open
  found=("\${(@f)$(eosflow __complete zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} == 0 )); then
    compset -P '*@'
    _files
    return
  fi
  open=(\${(M)found:#*=})
  found=(\${found:#*=})
  (( \${#open} )) && compadd -S '' -- $open
  (( \${#found} )) && compadd -- $found
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _eosflow "$@"; else compdef _eosflow eosflow; fi
`

const FISH = `# eosflow completion fish: put it into ~/.config/fish/completions/eosflow.fish
function __eosflow_complete
  set -l words (commandline -opc)
  set -l found (eosflow __complete fish $words[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c eosflow -f -a '(__eosflow_complete)'
`

/** The script that a shell sources so that it completes command lines. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH }
