import { type CompletionNode, type CompletionOption, valueOptions } from './tree.js';

/** The completion of bash 3.2 and later, as a script. */
export function bashCompletion(nodes: readonly CompletionNode[]): string {
  const values = valueOptions(nodes);
  return `# Completion of zhongkong for bash. In ~/.bashrc: eval "$(zhongkong completion bash)"
_zhongkong() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local place='' arguments=0 commands='' options='' names='' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in
      ${alternatives(values.flatMap(({ flags }) => flags))}) i=$((i + 1)); continue ;;
      -*) continue ;;
    esac
    case "$place/$word" in
      ${alternatives(nodes.map(({ path }) => path).filter(Boolean))}) place="$place/$word" ;;
      *) arguments=$((arguments + 1)) ;;
    esac
  done
  COMPREPLY=()
  case "$previous" in
${values.map(valueCase).join('\n')}
  esac
  case "$place" in
${nodes.map(placeCase).join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n "$names" && $arguments -eq 0 ]]; then
    while IFS= read -r word; do
      COMPREPLY+=("$word")
    done < <(zhongkong complete-names "$names" -- "$current" 2>/dev/null)
  elif [[ $arguments -eq 0 ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$current"))
  fi
}
complete -F _zhongkong zhongkong`;
}

function alternatives(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join('|');
}

function valueCase({ flags, choices, isFile }: CompletionOption): string {
  const from = isFile ? '-f' : `-W '${choices.join(' ')}'`;
  const reply = isFile || choices.length > 0 ? `COMPREPLY=($(compgen ${from} -- "$current")); ` : '';
  return `    ${alternatives(flags)}) ${reply}return ;;`;
}

function placeCase({ path, commands, options, argument }: CompletionNode): string {
  const words = Array.isArray(argument) ? argument : commands.map(({ name }) => name);
  const flags = options.flatMap((option) => option.flags);
  const names = typeof argument === 'string' ? ` names='${argument}'` : '';
  return `    '${path}') commands='${words.join(' ')}' options='${flags.join(' ')}'${names} ;;`;
}
