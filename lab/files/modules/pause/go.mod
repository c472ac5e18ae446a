module provenet/lab/pause

go 1.24
