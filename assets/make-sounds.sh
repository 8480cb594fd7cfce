#!/usr/bin/env bash
# Makes assets/sounds/{en,ru}/<name>.gsm, the voice prompts, from the texts of src/installer/settings/prompts.ts.
#
#   assets/make-sounds.sh [FOLDER]
#
# FOLDER: .gsm files to be as loud as, say /usr/share/asterisk/sounds/en. Without it the level is -20 dB below full
# scale: the RMS of Asterisk's core sounds of 0.8 s and longer is -19.7 dB in English and -20.5 dB in Russian, the mean
# of 335 and 303 files of Debian's asterisk-core-sounds-{en,ru}-gsm 1.6.1.
#
# Needs Debian or Ubuntu, `npm ci`, and
#   apt-get install --no-install-recommends festival festvox-us-slt-hts festvox-ru sox libsox-fmt-base
# The same versions of these make the same bytes: nothing here is random.
#
# Licences: Festival and both voices (cmu_us_slt_arctic_hts, msu_ru_nsh_clunits) allow use, change and sale on the
# condition that their notices stay with copies of the software; see assets/README.md.
set -euo pipefail
export LC_ALL=C.UTF-8

level=-20.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in festival text2wave sox node; do
  command -v "$tool" >/dev/null || { echo "make-sounds: $tool is missing; see the head of this script" >&2; exit 1; }
done

# A number out of sox's statistics of a file: measure 'RMS lev dB' FILE
measure() { sox "$2" -n stats 2>&1 | sed -n "s/^$1 *\(-\{0,1\}[0-9.]*\).*/\1/p"; }

if [ $# -gt 0 ]; then
  level=$(find -L "$1" -maxdepth 1 -name '*.gsm' | while read -r file; do
    echo "$(measure 'Length s' "$file") $(measure 'RMS lev dB' "$file")"
  done | awk '$1 >= 0.8 && NF == 2 && $2 < 0 { sum += $2; n++ } END { if (!n) exit 1; printf "%.2f", sum / n }') ||
    { echo "make-sounds: no .gsm files in $1 to be as loud as" >&2; exit 1; }
fi
echo "level: $level dB"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Where the Russian voice stresses a word wrongly: + stands before the vowel to stress. And no pauses around "please".
spell() {
  sed -e 's/Наберите/Набер+ите/' -e 's/Перезвоните, пожалуйста,/Перезвон+ите пожалуйста/' \
    -e 's/предыдущему/предыд+ущему/'
}

# Takes 6 dB off the loudest syllables, so that none is clipped at the level above.
evener=-60,-60,-20,-14,0,-6

make() { # LANGUAGE NAME TEXT
  local voice effects spoken=$3 raw=$work/raw.wav cut=$work/cut.wav out=assets/sounds/$1/$2.gsm gain pass
  case $1 in
    # The treble that the recorded English prompts have and this voice lacks.
    en) voice=cmu_us_slt_arctic_hts effects="highpass 150 treble +3 2500" ;;
    ru) voice=msu_ru_nsh_clunits effects="highpass 100" spoken=$(spell <<<"$3") ;;
  esac
  text2wave -eval "(voice_$voice)" -o "$raw" <<<"$spoken"
  # shellcheck disable=SC2086 # the effects are words
  sox -R -D "$raw" -r 8000 -c 1 -b 16 "$cut" gain -12 $effects rate -v 8000 gain -n -1 \
    silence 1 0.01 0.4% reverse silence 1 0.01 0.4% reverse compand 0.003,0.1 "$evener" 0 -20 0.003 pad 0.05 0.05
  # GSM loses a little level: encode, measure what comes out, correct.
  gain=$(awk "BEGIN { print $level - $(measure 'RMS lev dB' "$cut") }")
  for pass in 1 2; do
    sox -R -D "$cut" -r 8000 -c 1 "$out" gain "$gain"
    [ "$pass" = 2 ] || gain=$(awk "BEGIN { print $gain + $level - $(measure 'RMS lev dB' "$out") }")
  done
  printf '%s %-12s %5.2f s  RMS %s dB  peak %s dB  %5d bytes  %s\n' "$1" "$2" "$(measure 'Length s' "$out")" \
    "$(measure 'RMS lev dB' "$out")" "$(measure 'Pk lev dB' "$out")" "$(stat -c %s "$out")" "$3"
}

node --import tsx --input-type=module >"$work/texts" -e '
  import { prompts, soundsOf } from "./src/installer/settings/prompts.ts";
  for (const prompt of prompts)
    for (const [at, sound] of soundsOf(prompt).entries())
      console.log(`en|${sound}|${prompt.en[at]}\nru|${sound}|${prompt.ru[at]}`);'

rm -rf assets/sounds
mkdir -p assets/sounds/en assets/sounds/ru
while IFS='|' read -r language name text; do
  make "$language" "$name" "$text" </dev/null
done <"$work/texts"
cat assets/sounds/*/*.gsm | wc -c | sed 's/$/ bytes in all/'
