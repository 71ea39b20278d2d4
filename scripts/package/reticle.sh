#!/bin/sh
# Opens Reticle; with a command (reticle evaluate ...) runs that without a window, and without a display.
app="$(dirname "$(readlink -f "$0")")/reticle-app"
is_command=
case "${1-}" in
  --help | -h | --version | -V) is_command=1 ;;
  # A word in small letters that is no file: paths and the window's own switches are something else.
  '' | *[!a-z-]* | -*) ;;
  *) [ -e "$1" ] || is_command=1 ;;
esac
if [ -n "$is_command" ]; then
  # No page is loaded in this mode, so there is nothing for Chromium's sandbox to hold.
  exec "$app" --no-sandbox --ozone-platform=headless --disable-gpu --log-level=3 --command-line -- "$@"
fi
exec "$app" "$@"
