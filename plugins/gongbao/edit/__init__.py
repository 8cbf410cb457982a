"""The editing page /admin/ for those without Git: its form, its program from npm, its backend on one's own machine."""
