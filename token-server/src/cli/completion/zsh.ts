import { type CompletionNode, type CompletionOption, valueOptions } from './tree.js';

/** The completion of zsh 5, as a script: for the folder of its functions, or for eval. */
export function zshCompletion(nodes: readonly CompletionNode[]): string {
  const values = valueOptions(nodes);
  return `#compdef zhongkong
# Completion of zhongkong for zsh. In ~/.zshrc, after compinit: eval "$(zhongkong completion zsh)"
_zhongkong() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  local place='' names='' word
  local -a commands options found
  integer given=0 i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$word" in
      ${alternatives(values.flatMap(({ flags }) => flags))}) i=$((i + 1)); continue ;;
      -*) continue ;;
    esac
    case "$place/$word" in
      ${alternatives(nodes.map(({ path }) => path).filter(Boolean))}) place="$place/$word" ;;
      *) given=$((given + 1)) ;;
    esac
  done
  case "$previous" in
${values.map(valueCase).join('\n')}
  esac
  case "$place" in
${nodes.map(placeCase).join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    _describe -o 'option' options
  elif [[ -n "$names" && $given -eq 0 ]]; then
    found=("\${(@f)$(zhongkong complete-names "$names" -- "$current" 2>/dev/null)}")
    compadd -- "\${found[@]:#}"
  elif [[ $given -eq 0 ]]; then
    _describe 'command' commands
  fi
}
if [[ "\${funcstack[1]}" == _zhongkong ]]; then
  _zhongkong "$@"
else
  compdef _zhongkong zhongkong
fi`;
}

function alternatives(words: readonly string[]): string {
  return words.map((word) => `${quoted(word)}`).join('|');
}

/** In single quotes, in which a quote has to be left for a moment. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A word with its description, in the form of _describe. */
function described(word: string, description: string): string {
  return quoted(`${word.replaceAll(':', '\\:')}:${description}`);
}

function valueCase({ flags, choices, isFile }: CompletionOption): string {
  const reply = isFile ? '_files; ' : choices.length === 0 ? '' : `compadd -- ${choices.join(' ')}; `;
  return `    ${alternatives(flags)}) ${reply}return ;;`;
}

function placeCase({ path, commands, options, argument }: CompletionNode): string {
  const words = Array.isArray(argument)
    ? argument.map(quoted)
    : commands.map(({ name, description }) => described(name, description));
  const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option.description)));
  const names = typeof argument === 'string' ? ` names=${argument}` : '';
  return `    ${quoted(path)}) commands=(${words.join(' ')}) options=(${flags.join(' ')})${names} ;;`;
}
