"""How a log lies on the disk: files, directories, compression, lines and JSON documents."""
