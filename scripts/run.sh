#!/usr/bin/env bash
# Serve the site on this machine: database, demonstration content once, an administrator once, gunicorn.
set -euo pipefail

python=.venv/bin/python
var=${VAR_DIR:-var}
# Remembers that the demonstration content was loaded, so that content removed stays removed.
loaded=$var/demo_loaded
[ -e "$var/db.sqlite3" ] || [ -n "${DATABASE_URL:-}" ] || rm -f "$loaded"

# The address that pages give as their own.
export SITE_URL=${SITE_URL:-http://$HOST:$PORT}

$python manage.py migrate --verbosity 0
if [ ! -e "$loaded" ]; then
    $python manage.py load_demo --if-empty
    touch "$loaded"
fi
$python manage.py create_roles >/dev/null
$python manage.py create_first_admin

if (exec 3<>"/dev/tcp/$HOST/$PORT") 2>/dev/null; then
    echo "Something else answers at $HOST:$PORT already. Stop it, or choose another port: make run PORT=8001" >&2
    exit 1
fi
echo "The site is on http://$HOST:$PORT/ and its administration on http://$HOST:$PORT/admin/. Ctrl-C ends it."
exec $python -m gunicorn medline.wsgi --bind "$HOST:$PORT" --workers 2 --threads 4 --log-level warning \
    --forwarder-headers=
