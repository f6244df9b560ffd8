module imagediet.org/service

go 1.22
