#!/bin/sh
# Runs Electron as an unprivileged user: a browser engine as root has no sandbox worth the name.
exec setpriv --reuid=65534 --regid=65534 --clear-groups -- "$COFFRET_ELECTRON_BINARY" "$@"
