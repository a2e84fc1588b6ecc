set -e @NAME@
