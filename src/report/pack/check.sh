#!/bin/sh
# Checks this folder without auditlake: with sha256sum, sed, od and openssl (3.0 or newer).
#
#   sh check.sh [KEY.pem]
#
# KEY.pem is the public key that you trust, which you got by other means than with this folder. Without it, this only
# shows that the folder is consistent in itself, which anybody can make. It prints what is wrong, and ends with 1 if anything is.
set -eu
cd "$(dirname "$0")"
case ${1:-} in /* | '') given=${1:-} ;; *) given=$OLDPWD/$1 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
events=0
said=0
last=

# One fault often has many records: each is counted, and a screen's worth of lines is shown.
fault() {
  faults=$((faults + 1))
  [ "$1" != "$last" ] || return 0
  last=$1
  said=$((said + 1))
  if [ "$said" -le 20 ]; then echo "FAULT  $1"; elif [ "$said" -eq 21 ]; then echo 'FAULT  and more, which are counted'; fi
}
hash_of() { sha256sum | cut -c 1-64; }
# The public key of a PEM file, in hex.
key_of() { openssl pkey -pubin -in "$1" -outform DER | od -An -v -tx1 | tr -d ' \n' | sed 's/^302a300506032b6570032100//'; }
# Whether KEY signed the file TEXT with the signature in the file SIG.
signed() {
  [ "$(key_of "keys/$1.pem")" = "$1" ] && openssl pkeyutl -verify -pubin -inkey "keys/$1.pem" -rawin -in "$2" -sigfile "$3" > /dev/null 2>&1
}
field() { printf '%s' "$2" | sed -n "s/.*\"$1\":\"\([0-9a-f]\{64\}\)\".*/\1/p"; }
climb() {
  hash=$1
  for step in $2; do
    case $step in
      left:*) hash=$(printf '%s%s' "${step#left:}" "$hash" | hash_of) ;;
      right:*) hash=$(printf '%s%s' "$hash" "${step#right:}" | hash_of) ;;
    esac
  done
  printf '%s' "$hash"
}
trusted=
[ -z "$given" ] || trusted=$(key_of "$given")
# Whether a key is the one that is trusted, where one was given.
is_trusted() { [ -z "$trusted" ] || [ "$1" = "$trusted" ]; }

# Every file is as the manifest has it, and the manifest is signed.
sha256sum -c --quiet manifest.txt || fault 'a file is not as the manifest has it'
printf '%s\n' manifest.txt manifest.sig > "$work/named"
sed -n 's/^[0-9a-f]\{64\}  //p' manifest.txt >> "$work/named"
find . ! -type d | sed 's|^\./||' | grep -vxF -f "$work/named" > "$work/more" || :
[ ! -s "$work/more" ] || fault "not in the manifest: $(tr '\n' ' ' < "$work/more" | tr -cd '[:print:]')"
key=$(sed -n 's/^# key \([0-9a-f]\{64\}\)$/\1/p' manifest.txt)
if [ -z "$key" ]; then
  if [ -z "$trusted" ]; then echo 'the manifest is not signed'; else fault 'the manifest is not signed'; fi
else
  signed "$key" manifest.txt manifest.sig || fault 'the signature of the manifest is not that of its key'
  is_trusted "$key" || fault "the manifest is signed by another key, $key"
fi

check_ledger() {
  own=$(printf '%s' "$text" | sed -E 's/,"sha256":"[0-9a-f]{64}"(,"key":"[0-9a-f]{64}","signature":"[0-9a-f]{128}")?\}$//' | tr -d '\n' | hash_of)
  seq=$(printf '%s' "$text" | sed -n 's/^{"format":[0-9]*,"seq":\([0-9]*\),.*/\1/p')
  [ "$own" = "$(field sha256 "$text")" ] || fault "$proof: ledger line $seq was changed"
  if [ -z "$root" ]; then root=$(field lines_root "$text"); else
    [ "$below" = "$(field covers "$text")" ] || fault "$proof: ledger line $seq does not cover the one before"
  fi
  below=$(climb "$own" "$path")
  by=$(printf '%s' "$text" | sed -n 's/.*,"key":"\([0-9a-f]\{64\}\)","signature":"[0-9a-f]*"}$/\1/p')
  is_trusted "$by" || fault "$proof: ledger line $seq is not signed by the key that you trust"
  [ -n "$by" ] || return 0
  printf 'auditlake head 1 %s %s %s' "$home" "$seq" "$own" > "$work/head"
  # As octal escapes, which every printf knows.
  # shellcheck disable=SC2059
  printf "$(printf '%s' "$text" | sed 's/.*"signature":"\([0-9a-f]*\)"}$/\1/; s/../0x& /g' | xargs printf '\\%03o')" > "$work/sig"
  signed "$by" "$work/head" "$work/sig" || fault "$proof: ledger line $seq has a signature that is not that of its key"
}

# Every record and its page are in their batch, and the batch is in the ledger.
for proof in proofs/*; do
  [ -e "$proof" ] || continue
  root= below= pages=' '
  {
    IFS= read -r line
    [ "$line" = 'auditlake proof 2' ] || fault "$proof is no proof of version 2"
    IFS= read -r line
    home=${line#home }
    while IFS= read -r line; do
      IFS= read -r path || path=
      path=${path#path }
      kind=${line%% *}
      text=${line#* }
      case $kind in
        ledger) check_ledger ;;
        page | record)
          at=$(printf '%s' "$text" | sed -n 's/^{"n":[0-9]*,"kind":"'"$kind"'","page":\([0-9]*\),.*/\1/p')
          [ "$(climb "$(printf '%s' "$text" | hash_of)" "$path")" = "$root" ] || fault "$proof: a $kind is not in the batch"
          if [ "$kind" = page ]; then pages="$pages$at "; else
            events=$((events + 1))
            case $pages in *" $at "*) ;; *) fault "$proof: a record came with a page that is not here" ;; esac
          fi
          ;;
        *) fault "$proof has a line that no proof has" ;;
      esac
    done
  } < "$proof"
done

case $faults in
  0) ;;
  1) echo '1 fault: this folder is not what was written'; exit 1 ;;
  *) echo "$faults faults: this folder is not what was written"; exit 1 ;;
esac
if [ -n "$trusted" ] || [ -d keys ]; then proven='proven'; else proven='in batches that fit together'; fi
case $events in
  1) echo "nothing was changed; 1 event is $proven" ;;
  *) echo "nothing was changed; $events events are $proven" ;;
esac
if [ -z "$trusted" ]; then
  if [ -d keys ]; then
    echo 'whoever made this folder chose its keys: get the public key by other means and give it, or compare it with keys/'
  else
    echo 'no key has signed any of it, and anybody can make such a folder: what vouches for it is a head of the ledger that was kept elsewhere, compared with those in report.html'
  fi
fi
