"""How a log is stored: files, directories, compression, lines and JSON documents."""
